import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, type Document, Long } from 'mongodb'
import { isLostConnection } from './lost-connection.ts'

/** Sends a write command and gives the server's reply. */
export type SendWrite = (command: Document) => Promise<Document>

const ATTEMPTS = 20
const PAUSE_MS = 100

/** Above what the driver itself counts in a session that it gives out again. */
const FIRST_NUMBER = 1_000_000

/**
 * Gives every write a number of its session, and sends it again with the same number when the connection is lost: what
 * retryable writes are. The driver does this only for the first of the operations that a kill interrupts, and then only
 * once. Not for two writes at a time.
 */
export function numberedWrites(db: Db): SendWrite {
  const session = db.client.startSession()
  let number = FIRST_NUMBER
  return async (command) => {
    const numbered = { ...command, txnNumber: Long.fromNumber(++number) }
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.command(numbered, { session })
      } catch (error) {
        if (!isLostConnection(error) || attempt === ATTEMPTS) throw error
        await sleep(PAUSE_MS)
      }
    }
  }
}
