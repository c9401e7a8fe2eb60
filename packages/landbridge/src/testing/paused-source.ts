import type { Collection, Db, FindCursor } from 'mongodb'
import type { Engine } from '../engine.ts'

/** A process that is stopped (as by SIGSTOP) when it has read the source and has not written yet. */
export interface PausedSource {
  engine: Engine
  /** Resolves when the read is done and the process stands still. */
  reached: Promise<void>
  resume(): void
}

/** An engine that stands still once, right after its first raw read of documents. */
export function pausedSource(engine: Engine): PausedSource {
  let arrive: () => void = () => undefined
  let resume: () => void = () => undefined
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const resumed = new Promise<void>((resolve) => {
    resume = resolve
  })
  let reads = 0
  return {
    engine: afterEachRead(engine, async () => {
      reads += 1
      if (reads > 1) return
      arrive()
      await resumed
    }),
    reached,
    resume: () => resume(),
  }
}

/** An engine that does `then` whenever it has read raw documents to the end. */
export function afterEachRead(engine: Engine, then: () => Promise<void>): Engine {
  const database = replacing(engine.database, 'collection', (name: string) => {
    const collection = engine.database.collection(name)
    return replacing(collection, 'find', (...parameters: Parameters<Collection['find']>) => {
      const cursor = collection.find(...parameters)
      return (parameters[1] as { raw?: boolean } | undefined)?.raw === true ? readThen(cursor, then) : cursor
    })
  })
  const batches = replacing(database, 'command', async (...parameters: Parameters<Db['command']>) => {
    const reply = await engine.database.command(...parameters)
    if (parameters[1]?.raw === true && 'find' in parameters[0]) await then()
    return reply
  })
  return { ...engine, database: batches as Db }
}

async function* readThen(cursor: FindCursor, then: () => Promise<void>): AsyncGenerator<unknown> {
  yield* cursor
  await then()
}

function replacing<T extends object>(target: T, name: string, member: unknown): T {
  return new Proxy(target, {
    get(object, key) {
      if (key === name) return member
      const value = Reflect.get(object, key)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}

/** What a failover or an idle timeout does to a process that stands still: its Postgres session is gone. */
export async function endIdleTransactions(engine: Engine): Promise<void> {
  await engine.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`,
  )
}
