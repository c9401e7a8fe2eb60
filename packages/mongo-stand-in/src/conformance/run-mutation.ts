import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ConformanceCase } from './case.ts'
import type { Mutation } from './mutations.ts'
import { CaseTimeoutError, runTable } from './run-table.ts'

/** Seconds after which a spoiled server that does not answer counts as caught. */
export const HANG_SECONDS = 10

export interface MutationResult {
  readonly mutation: string
  /** The first case that was not kept; undefined if the spoiled rule went unnoticed. */
  readonly caughtBy?: string
  /** How the case found it: a wrong answer, or no answer in time. */
  readonly how?: 'answer' | 'timeout'
}

/**
 * Runs the table against a stand-in with one spoiled rule, until the first case that is not kept. Without a mutation it
 * runs against the stand-in as it is: then nothing must be caught.
 *
 * @throws Error if the spoiled server does not start: such a mutation proves nothing.
 */
export async function runMutation(
  mutation: Mutation | undefined,
  cases: readonly ConformanceCase[],
): Promise<MutationResult> {
  const name = mutation?.name ?? 'nothing spoiled'
  const server = startServer(mutation)
  try {
    const url = await readyUrl(server, name)
    for await (const { case: one, failure } of runTable(url, cases, HANG_SECONDS)) {
      const how = failure instanceof CaseTimeoutError ? 'timeout' : 'answer'
      return { mutation: name, caughtBy: one.name, how }
    }
    return { mutation: name }
  } finally {
    server.kill('SIGKILL')
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
  }
}

function startServer(mutation: Mutation | undefined): ChildProcess {
  const hook = join(import.meta.dirname, 'spoil-hook.ts')
  const cli = join(import.meta.dirname, '..', 'cli.ts')
  const imports = mutation === undefined ? [] : ['--import', hook]
  const spoiled =
    mutation === undefined
      ? {}
      : { SPOIL_FILE: mutation.file, SPOIL_FIND: mutation.find, SPOIL_REPLACE: mutation.replace }
  return spawn(process.execPath, [...imports, cli, '--port', '0'], {
    env: { ...process.env, ...spoiled },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function readyUrl({ stdout, stderr }: ChildProcess, name: string): Promise<string> {
  if (stdout === null || stderr === null) throw new Error('The server has no output')
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  for await (const line of createInterface({ input: stdout })) {
    const url = /mongodb:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) return url
  }
  throw new Error(`The server did not start (${name}): ${said}`)
}
