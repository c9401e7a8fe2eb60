import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import type { ConformanceCase } from './case.ts'
import { isKept, runCase, type Verdict } from './run-case.ts'

/** A case that came out otherwise than the table says. */
export interface Difference {
  readonly case: ConformanceCase
  /** Undefined where the case could not be run to its end. */
  readonly verdict?: Verdict
  /** Why it could not. */
  readonly failure?: Error
}

/**
 * Runs cases against a server, one after the other, and yields those that are not kept. A case that takes longer than
 * `caseSeconds` is a difference too.
 */
export async function* runTable(
  url: string,
  cases: readonly ConformanceCase[],
  caseSeconds: number,
): AsyncGenerator<Difference> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: caseSeconds * 1000 })
  try {
    await client.connect()
    const db = client.db(`conformance-${randomUUID().slice(0, 8)}`)
    for (const one of cases) {
      try {
        const verdict = await within(caseSeconds, runCase(client, db, one))
        if (!isKept(verdict)) yield { case: one, verdict }
      } catch (error) {
        yield { case: one, failure: error instanceof Error ? error : new Error(String(error)) }
      }
    }
  } finally {
    await client.close()
  }
}

/** The case took too long: the server hangs, or is far too slow. */
export class CaseTimeoutError extends Error {
  readonly code = 'CASE_TIMEOUT'
}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CaseTimeoutError(`No answer within ${seconds} seconds`)),
      seconds * 1000,
    )
  })
  // What is left of a case that took too long ends with the client; its error tells nothing more.
  promise.catch(() => undefined)
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
