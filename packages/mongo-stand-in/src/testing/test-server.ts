import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, MongoClient, type MongoClientOptions, MongoError, MongoServerError } from 'mongodb'
import { type StandIn, type StandInOptions, startStandIn } from '../index.ts'

export interface TestServer extends AsyncDisposable {
  readonly standIn: StandIn
  readonly client: MongoClient
  /** A database of its own for each test server. */
  readonly db: Db
}

/** A server on a free port with a connected client; both end with the `await using` block. */
export async function startTestServer(
  options: StandInOptions = {},
  clientOptions: MongoClientOptions = {},
): Promise<TestServer> {
  const standIn = await startStandIn(options)
  const client = await new MongoClient(standIn.url, {
    serverSelectionTimeoutMS: 5000,
    ...clientOptions,
  }).connect()
  return {
    standIn,
    client,
    db: client.db(`test-${randomUUID().slice(0, 8)}`),
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await standIn.close()
    },
  }
}

/** A folder for data that is removed at the end of the `using` block. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'stand-in-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Failure {
  readonly code: unknown
  readonly message: string
  readonly labels: readonly string[]
  /** The server's reply as it came. */
  readonly reply: Record<string, unknown>
}

/** The error that the promise must end with. */
export async function failure(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    const { code, message, errorLabels } = error
    const reply = error instanceof MongoServerError ? error.errorResponse : {}
    return { code, message, labels: errorLabels, reply }
  }
  throw new Error('The operation was expected to fail')
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
