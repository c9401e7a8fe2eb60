import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { VERSION } from '../../version.ts'
import { parseRunnerOutput, type RunnerOutcome } from './runner-output.ts'

type Child = ChildProcessByStdio<null, Readable, null>

const REPOSITORY = join(import.meta.dirname, '../../../../..')
const CLI = join(import.meta.dirname, '../../cli.ts')
/** The runner gives up each test after 15 s by itself; this only ends one that hangs as a whole. */
const LIMIT_MS = 10 * 60_000

/** Starts the stand-in as a process of its own on a free port, runs the folder's `run.mjs` against it, and ends both. */
export async function runDriverTests(folder: string): Promise<RunnerOutcome> {
  const server = start([CLI, '--port', '0'])
  try {
    const url = await urlOf(server)
    const runner = start([join(folder, 'run.mjs')], {
      FAILPOINTS: '1',
      VERBOSE: '1',
      MONGO_URL: url,
      // Without its suffix: the tests are chosen by the version that the server claims to be.
      SERVER_VERSION: VERSION.split('-')[0],
    })
    const limit = setTimeout(() => runner.kill('SIGKILL'), LIMIT_MS)
    try {
      return parseRunnerOutput(await text(runner.stdout))
    } finally {
      clearTimeout(limit)
      runner.kill()
    }
  } finally {
    server.kill()
  }
}

function start(args: string[], environment: NodeJS.ProcessEnv = {}): Child {
  return spawn(process.execPath, args, {
    cwd: REPOSITORY,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The connection string in the line by which the stand-in says that it is ready. */
async function urlOf(server: Child): Promise<string> {
  const lines = createInterface({ input: server.stdout })
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(server, 'exit').then(() => Promise.reject(new Error('The stand-in ended before it was ready'))),
  ])
  const url = /mongodb:\/\/\S+/.exec(String(line))?.[0]
  if (url === undefined)
    throw new Error(`The stand-in's first line has no connection string: ${String(line)}`)
  return url
}
