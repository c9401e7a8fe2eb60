import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandLine } from '../platform/running-process.ts'
import { ownerProcess } from '../testing/owner-process.ts'
import { acquireMongo, findMongo, type MongoServer } from './mongo-server.ts'

let cache: string
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'mongo-server-'))
})
beforeEach(() => {
  vi.stubEnv('LANDBRIDGE_CACHE', cache)
  vi.stubEnv('MONGO_URL', undefined)
})
const running: MongoServer[] = []
const acquire = async (...options: Parameters<typeof acquireMongo>) => {
  const server = await acquireMongo(...options)
  running.push(server)
  return server
}
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  vi.unstubAllEnvs()
})
afterAll(() => rmSync(cache, { recursive: true, force: true }))

async function kept(url: string): Promise<number> {
  await using client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 })
  return await client.db('test').collection('kept').countDocuments()
}

async function keepOne(url: string): Promise<void> {
  await using client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 })
  await client
    .db('test')
    .collection('kept')
    .insertOne({ answer: 42 }, { writeConcern: { w: 'majority' } })
}

const serverPid = (name: string): number =>
  JSON.parse(readFileSync(join(cache, `mongo-${name}`, 'server.json'), 'utf8')).serverPid

/** A process that has ended may keep its number until its parent asks; it has no command line any more. */
const runs = (pid: number) => commandLine(pid) !== null

const owner = (name: string) => `
  const { acquireMongo } = await import(${JSON.stringify(new URL('./mongo-server.ts', import.meta.url).href)})
  const server = await acquireMongo({ name: '${name}' })
  console.log(server.url)
  setTimeout(() => {}, 60_000)`

it('takes MONGO_URL when it is set, says so, and starts nothing', async () => {
  vi.stubEnv('MONGO_URL', 'mongodb://somewhere.else')
  expect(await acquire({ name: 'given' })).toMatchObject({
    url: 'mongodb://somewhere.else',
    kind: 'MONGO_URL',
    reason: 'MongoDB: MONGO_URL, because it is set',
  })
  expect(existsSync(join(cache, 'mongo-given'))).toBe(false)
})

it('a mongod that is there but broken is told, not passed over; nothing stays claimed', async () => {
  writeFileSync(join(cache, 'mongod'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  vi.stubEnv('PATH', `${cache}:${process.env.PATH}`)
  await expect(acquireMongo({ name: 'broken' })).rejects.toThrow('mend it, or set MONGO_URL')
  await expect(acquireMongo({ name: 'broken' })).rejects.toThrow('mend it, or set MONGO_URL')
  expect(findMongo('broken')).toBeNull()
})

describe('a server of our own', { timeout: 60_000 }, () => {
  it('lives from acquire to stop, keeps its data, and is refused to a second process', async () => {
    const server = await acquire({ name: 'life' })
    expect(server.kind).toBe(hasMongod() ? 'mongod' : 'stand-in')
    expect(server.reason).toContain('because MONGO_URL is not set')
    expect(findMongo('life')).toBe(server.url)
    await keepOne(server.url)

    await expect(acquireMongo({ name: 'life' })).rejects.toMatchObject({ code: 'ESCROW_SERVER_IN_USE' })
    const second = await ownerProcess(owner('life'))
    expect(await second.ended).toBe(1)
    expect(second.stderr()).toContain(`"mongo-life" is already run by process ${process.pid}`)

    await server.stop()
    expect(findMongo('life')).toBeNull()
    expect(existsSync(join(cache, 'mongo-life', 'server.json'))).toBe(false)
    if (!hasMongod()) {
      const again = await acquire({ name: 'life' })
      expect(await kept(again.url)).toBe(1)
    }
  })

  it('of an owner that was killed is ended and its data are taken over; `fresh` removes them', async () => {
    const killed = await ownerProcess(owner('killed'))
    await keepOne(killed.told)
    const leftOver = serverPid('killed')
    killed.process.kill('SIGKILL')
    await killed.ended
    expect(findMongo('killed')).toBeNull()
    expect(runs(leftOver)).toBe(true)

    const heir = await acquire({ name: 'killed', throwaway: true })
    expect(runs(leftOver)).toBe(false)
    if (!hasMongod()) expect(await kept(heir.url)).toBe(1)
    await heir.stop()
    expect(existsSync(join(cache, 'mongo-killed'))).toBe(false)
  })

  it('ends with its process at Ctrl-C', async () => {
    const interrupted = await ownerProcess(owner('interrupted'))
    const pid = serverPid('interrupted')
    interrupted.process.kill('SIGINT')
    expect(await interrupted.ended).toBe('SIGINT')
    await vi.waitUntil(() => !runs(pid), { timeout: 10_000 })
    const fresh = await acquire({ name: 'interrupted', fresh: true })
    expect(await kept(fresh.url)).toBe(0)
  })
})

function hasMongod(): boolean {
  try {
    execFileSync('mongod', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
