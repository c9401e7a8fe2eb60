import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ownerProcess } from '../testing/owner-process.ts'
import { acquirePostgres, findPostgres, type PostgresServer } from './postgres-server.ts'
import { commandLine } from './running-process.ts'

let cache: string
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'postgres-server-'))
  // Postgres runs as another user where root runs this.
  chmodSync(cache, 0o711)
})
beforeEach(() => {
  vi.stubEnv('LANDBRIDGE_CACHE', cache)
  vi.stubEnv('DATABASE_URL', undefined)
})
const running: PostgresServer[] = []
const acquire = async (...options: Parameters<typeof acquirePostgres>) => {
  const server = await acquirePostgres(...options)
  running.push(server)
  return server
}
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  vi.unstubAllEnvs()
})
afterAll(() => rmSync(cache, { recursive: true, force: true }))

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows
  } finally {
    await client.end()
  }
}

const postmasterPid = (name: string) =>
  Number.parseInt(readFileSync(join(cache, `postgres-${name}`, 'data', 'postmaster.pid'), 'utf8'), 10)

/** A process that has ended may keep its number until its parent asks; it has no command line any more. */
const runs = (pid: number) => commandLine(pid) !== null

/** A program that starts a server of that name, says its address, and goes on for a minute. */
const owner = (name: string, then = 'setTimeout(() => {}, 60_000)') => `
  const { acquirePostgres } = await import(${JSON.stringify(new URL('./postgres-server.ts', import.meta.url).href)})
  const server = await acquirePostgres({ name: '${name}' })
  console.log(server.url)
  ${then}`

it('takes DATABASE_URL when it is set, says so, and starts nothing', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://somewhere/else')
  const server = await acquire({ name: 'given' })
  expect(server).toMatchObject({
    url: 'postgres://somewhere/else',
    kind: 'DATABASE_URL',
    reason: 'Postgres: DATABASE_URL, because it is set',
  })
  expect(server.suspend).toBeUndefined()
  expect(existsSync(join(cache, 'postgres-given'))).toBe(false)
})

// Setting up a server takes seconds on a busy machine.
describe('the embedded server', { timeout: 60_000 }, () => {
  it('lives from acquire to stop, keeps its data, and is refused to a second process', async () => {
    const server = await acquire({ name: 'life' })
    expect(server.kind).toBe('embedded')
    expect(server.reason).toMatch(/embedded server on port \d+, because DATABASE_URL is not set \(data in /)
    expect(findPostgres('life')).toBe(server.url)
    await ask(server.url, 'create table kept as select 42 as answer')

    await expect(acquirePostgres({ name: 'life' })).rejects.toMatchObject({ code: 'ESCROW_SERVER_IN_USE' })
    const second = await ownerProcess(owner('life'))
    expect(await second.ended).toBe(1)
    expect(second.stderr()).toContain(`"postgres-life" is already run by process ${process.pid}`)

    await server.suspend?.()
    await expect(ask(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.resume?.()
    expect(await ask(server.url, 'select answer from kept')).toEqual([[42]])

    await server.stop()
    expect(findPostgres('life')).toBeNull()
    expect(existsSync(join(cache, 'postgres-life', 'server.json'))).toBe(false)
    const again = await acquire({ name: 'life' })
    expect(await ask(again.url, 'select answer from kept')).toEqual([[42]])
  })

  it('stops though it has died on its own', async () => {
    const server = await acquire({ name: 'life' })
    const pid = postmasterPid('life')
    process.kill(pid, 'SIGQUIT')
    await vi.waitUntil(() => !runs(pid), { timeout: 10_000 })
    await server.stop()
    expect(findPostgres('life')).toBeNull()
  })

  it('of an owner that was killed is ended and its data are taken over; `fresh` removes them', async () => {
    const killed = await ownerProcess(owner('killed'))
    expect(findPostgres('killed')).toBe(killed.told)
    await ask(killed.told, 'create table kept as select 42 as answer')
    const leftOver = postmasterPid('killed')
    killed.process.kill('SIGKILL')
    await killed.ended
    expect(findPostgres('killed')).toBeNull()
    expect(runs(leftOver)).toBe(true)

    const heir = await acquire({ name: 'killed' })
    expect(runs(leftOver)).toBe(false)
    expect(await ask(heir.url, 'select answer from kept')).toEqual([[42]])
    await heir.stop()

    const fresh = await acquire({ name: 'killed', fresh: true, throwaway: true })
    expect(await ask(fresh.url, "select to_regclass('kept')")).toEqual([[null]])
    await fresh.stop()
    expect(existsSync(join(cache, 'postgres-killed'))).toBe(false)
  })

  it('ends with its process at Ctrl-C, and leaves that process its exit code', async () => {
    const interrupted = await ownerProcess(owner('life'))
    const pid = postmasterPid('life')
    interrupted.process.kill('SIGINT')
    expect(await interrupted.ended).toBe('SIGINT')
    await vi.waitUntil(() => !runs(pid), { timeout: 10_000 })

    const failing = await ownerProcess(owner('life', 'await server.stop(); process.exitCode = 3'))
    expect(await failing.ended).toBe(3)
  })
})
