import type { Pool, PoolClient } from 'pg'
import type { Engine } from '../engine.ts'

/** A process that is stopped (as by SIGSTOP) at one moment. */
export interface PausedEngine {
  engine: Engine
  /** Resolves when the process stands still. */
  reached: Promise<void>
  resume(): void
}

/**
 * An engine that stands still once, right after the first Postgres transaction that it commits: an applier that has
 * read its state and has not written yet.
 */
export function pausedAfterCommit(engine: Engine): PausedEngine {
  let arrive: () => void = () => undefined
  let resume: () => void = () => undefined
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const resumed = new Promise<void>((resolve) => {
    resume = resolve
  })
  const connect = async (): Promise<PoolClient> => {
    const client = await engine.pool.connect()
    const query = client.query.bind(client) as (...parameters: unknown[]) => Promise<unknown>
    const pausing = async (...parameters: unknown[]) => {
      const result = await query(...parameters)
      if (parameters[0] === 'commit') {
        arrive()
        await resumed
      }
      return result
    }
    // The pool hands the same client out again: a later user must find its own method.
    const release = client.release.bind(client)
    return Object.assign(client, {
      query: pausing,
      release: (error?: Error) => {
        Object.assign(client, { query, release })
        release(error)
      },
    }) as PoolClient
  }
  const pool = new Proxy(engine.pool, {
    get: (target, key) => {
      if (key === 'connect') return connect
      const member = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as Pool
  return { engine: { ...engine, pool }, reached, resume: () => resume() }
}
