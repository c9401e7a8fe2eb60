import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeStreamDocument, Db, Document, ResumeToken } from 'mongodb'
import { ReplayedState } from './replayed-state.ts'
import { assertRule, RULES } from './violation.ts'
import { type DatabaseState, replyOrDoubt } from './workload.ts'

export interface Watcher {
  readonly events: number
  readonly state: DatabaseState
  /** Settles when the watcher has seen that this document was inserted. */
  sees(collection: string, id: string): Promise<void>
  close(): Promise<void>
}

const PATIENCE_MS = 15_000

/** Follows all changes of the database from now on, over every kill by its last token, and replays them. */
export async function startWatcher(db: Db): Promise<Watcher> {
  const replayed = new ReplayedState()
  let token: ResumeToken
  let lastToken = ''
  let lastTime = 0n
  let lastTransaction = ''
  let events = 0
  let stopped = false
  let failure: unknown

  async function follow(): Promise<void> {
    while (!stopped) {
      const stream = db.watch([], {
        maxAwaitTimeMS: 200,
        ...(token === undefined ? {} : { resumeAfter: token }),
      })
      await replyOrDoubt(async () => {
        while (!stopped) {
          const event = await stream.tryNext()
          if (event !== null) take(event)
          token = stream.resumeToken
        }
      })
      await replyOrDoubt(() => stream.close())
    }
  }

  function take(event: ChangeStreamDocument & { clusterTime?: unknown }): void {
    const told = `${event.operationType} ${JSON.stringify((event as Document).documentKey)}`
    const position = String((event._id as Document)._data)
    assertRule(position > lastToken, RULES.order, () => `${told} has token ${position} after ${lastToken}`)
    const time = BigInt(String(event.clusterTime))
    const { lsid, txnNumber } = event as Document
    const transaction = lsid === undefined ? '' : `${lsid.id.toString('hex')} ${txnNumber}`
    const isSame = transaction !== '' && transaction === lastTransaction
    assertRule(
      time > lastTime || (isSame && time === lastTime),
      RULES.order,
      () => `${told} has cluster time ${time} after ${lastTime}`,
    )
    lastToken = position
    lastTime = time
    lastTransaction = transaction
    events++
    replayed.apply(event)
  }

  const first = db.watch([], { maxAwaitTimeMS: 1 })
  await first.tryNext()
  token = first.resumeToken
  await first.close()
  const following = follow().catch((error: unknown) => {
    failure = error
  })

  return {
    get events() {
      return events
    },
    state: replayed.state,
    sees: async (collection, id) => {
      const until = Date.now() + PATIENCE_MS
      while (replayed.state.get(collection)?.has(id) !== true) {
        if (failure !== undefined) throw failure
        assertRule(Date.now() < until, RULES.complete, () => `the insert of ${id} was not told in time`)
        await sleep(5)
      }
      if (failure !== undefined) throw failure
    },
    close: async () => {
      stopped = true
      await following
      if (failure !== undefined) throw failure
    },
  }
}
