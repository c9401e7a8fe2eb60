import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readWorkers } from '../backfill/workers/worker-row.ts'
import { type CrossingWorld, crossingWorld } from '../testing/crossing-world.ts'

const run = promisify(execFile)
const cli = new URL('../cli.ts', import.meta.url).pathname

let world: CrossingWorld
let folder: string

beforeAll(async () => {
  world = await crossingWorld({ phase: 'mongo' })
  folder = await mkdtemp(join(tmpdir(), 'landbridge-cli-'))
  const source = (path: string) => new URL(path, import.meta.url).href
  await writeFile(
    join(folder, 'landbridge.config.ts'),
    `import { defineLandbridge } from '${source('../config.ts')}'
     import { sampleUnit } from '${source('../testing/sample-unit.ts')}'
     export const landbridge = defineLandbridge({
       units: [sampleUnit], build: 'test', backfill: { chunkSize: 2, workers: 2 } })`,
  )
})

afterAll(async () => {
  await rm(folder, { recursive: true })
  await world[Symbol.asyncDispose]()
})

interface Answer {
  code: number
  stdout: string
  stderr: string
}

const environment = () => ({
  ...process.env,
  DATABASE_URL: world.postgresUrl,
  MONGO_URL: world.mongoUrl,
  MONGO_DB: world.engine.database.databaseName,
})

async function landbridge(...parameters: string[]): Promise<Answer> {
  try {
    const options = { cwd: folder, env: environment() }
    const { stdout, stderr } = await run(process.execPath, [cli, ...parameters], options)
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as Answer
    return { code, stdout, stderr }
  }
}

it('finds the configuration in the folder, prints data to stdout and progress to stderr', {
  timeout: 60_000,
}, async () => {
  const status = await landbridge('status', '--json')
  expect(status).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(status.stdout)).toMatchObject({ units: [{ name: 'sample', phase: 'mongo' }] })
  const checked = await landbridge('preflight', 'sample', '--as', 'maria')
  expect(checked).toMatchObject({ code: 0 })
  expect(checked.stdout).toContain('10 documents of sample looked at')
  expect(checked.stderr).toContain('things: 10 of 10')
})

it('tells by its exit code what a script must know', { timeout: 60_000 }, async () => {
  expect(await landbridge('advance')).toMatchObject({ code: 2 })
  const unknown = await landbridge('gates', 'nobody', '--json')
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('LB_UNKNOWN_NAME') })
  expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: 'LB_UNKNOWN_NAME' } })
  const early = await landbridge('advance', 'sample')
  expect(early).toMatchObject({ code: 3, stderr: expect.stringContaining('gate 2 (contract suite)') })
})

it('copies with several processes, waits while it is paused, and tells each on stderr', {
  timeout: 90_000,
}, async () => {
  await world.to('mirror')
  expect(await landbridge('pause', 'sample', '--reason', 'sale')).toMatchObject({
    code: 0,
    stdout: 'sample: paused\n',
  })
  const copying = spawn(process.execPath, [cli, 'backfill', 'sample', '--json', '--workers', '2'], {
    cwd: folder,
    env: environment(),
  })
  let [stdout, stderr] = ['', '']
  copying.stdout.on('data', (data) => {
    stdout += data
  })
  copying.stderr.on('data', (data) => {
    stderr += data
  })
  const ended = once(copying, 'exit')
  await expect.poll(() => stderr, { timeout: 20_000 }).toContain('"throttledBy":"paused by an operator: sale')
  // A process needs its time to start; without it the first one copies everything alone.
  const living = async () => (await readWorkers(world.engine.pool, 60_000)).length
  await expect.poll(living, { timeout: 30_000 }).toBe(2)
  const changed = await landbridge('throttle', 'sample', '--rate', '500', '--json')
  expect(JSON.parse(changed.stdout)).toMatchObject({
    unit: 'sample',
    changed: true,
    settings: { documentsPerSecond: 500, pausedBecause: expect.stringContaining('sale') },
  })
  expect(await landbridge('resume', 'sample')).toMatchObject({ code: 0, stdout: 'sample: goes on\n' })
  expect(await ended).toEqual([0, null])
  expect(JSON.parse(stdout)).toMatchObject({
    complete: true,
    collections: [{ documents: 10, chunks: 5 }, {}],
  })
  const lines = stderr.trim().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    unit: 'sample',
    percent: 100,
    documents: 10,
    rows: 20,
    remainingSeconds: 0,
    throttledBy: null,
  })
  const told = lines.map((line) => JSON.parse(line).workers)
  expect(Math.max(...told)).toBe(2)
})
