import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
     export const landbridge = defineLandbridge({ units: [sampleUnit], build: 'test' })`,
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

async function landbridge(...parameters: string[]): Promise<Answer> {
  const env = {
    ...process.env,
    DATABASE_URL: world.postgresUrl,
    MONGO_URL: world.mongoUrl,
    MONGO_DB: world.engine.database.databaseName,
  }
  try {
    const { stdout, stderr } = await run(process.execPath, [cli, ...parameters], { cwd: folder, env })
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
