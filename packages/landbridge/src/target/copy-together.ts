import type { Connection, PoolClient, Submittable } from 'pg'
import { identifierList, tableName } from './identifier.ts'

export interface CopiedTable {
  table: { name: string; schema?: string }
  columns: readonly string[]
  /** COPY BINARY, header and trailer included. */
  payload: Uint8Array
}

/**
 * Statements and COPYs in one message, so that a chunk of many tables waits for the server once and not once for each
 * of them. Answers how many rows each COPY has taken. A refused statement fails all of them, and the transaction; the
 * connection stays usable. The statements take no parameters: whoever makes them puts names and checked ids in.
 */
export async function copyTogether(
  tx: PoolClient,
  before: readonly string[],
  copies: readonly CopiedTable[],
  after: readonly string[],
): Promise<number[]> {
  const statements = [
    ...before,
    ...copies.map(
      ({ table, columns }) =>
        `copy ${tableName(table)} (${identifierList(columns)}) from stdin with (format binary)`,
    ),
    ...after,
  ]
  if (statements.length === 0) return []
  const copying = new Copying(
    statements.join(';\n'),
    copies.map(({ payload }) => payload),
  )
  tx.query(copying)
  return copying.rows
}

/** What node-postgres gives a query of its own kind, beside its types. */
interface CopyConnection extends Connection {
  query(text: string): void
  endCopyFrom(): void
}

/** A payload is handed over in pieces, as fast as the server takes them, and never held twice. */
const PIECE_BYTES = 1 << 18
const COPY_DATA = 0x64

class Copying implements Submittable {
  readonly rows: Promise<number[]>
  private readonly text: string
  private readonly waiting: Uint8Array[]
  private readonly counts: number[] = []
  private isOver = false
  private resolve: (rows: number[]) => void = () => undefined
  private reject: (error: Error) => void = () => undefined

  constructor(text: string, payloads: Uint8Array[]) {
    this.text = text
    this.waiting = payloads
    this.rows = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  submit(connection: Connection): void {
    ;(connection as CopyConnection).query(this.text)
  }

  /** The server asks for the data of one COPY after the other. */
  handleCopyInResponse(connection: CopyConnection): void {
    this.sendFrom(connection, this.waiting.shift() ?? new Uint8Array(), 0)
  }

  private sendFrom(connection: CopyConnection, payload: Uint8Array, start: number): void {
    const { stream } = connection
    for (let from = start; from < payload.length && !this.isOver; from += PIECE_BYTES) {
      const piece = payload.subarray(from, from + PIECE_BYTES)
      stream.write(messageHead(piece.length))
      if (stream.write(piece)) continue
      stream.once('drain', () => this.sendFrom(connection, payload, from + PIECE_BYTES))
      return
    }
    if (!this.isOver) connection.endCopyFrom()
  }

  handleCommandComplete({ text }: { text: string }): void {
    const rows = /^COPY (\d+)$/.exec(text)?.[1]
    if (rows !== undefined) this.counts.push(Number(rows))
  }

  handleError(error: Error): void {
    // The server passes over what was sent already; nothing may follow it into the next statement.
    this.isOver = true
    this.reject(error)
  }

  handleReadyForQuery(): void {
    this.resolve(this.counts)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}

function messageHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(5)
  head[0] = COPY_DATA
  head.writeInt32BE(length + 4, 1)
  return head
}
