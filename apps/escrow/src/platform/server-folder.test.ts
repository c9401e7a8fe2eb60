import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { commandLine, processAlive, stopLeftOver } from './running-process.ts'
import {
  claimServer,
  findServer,
  releaseServer,
  ServerInUse,
  serverFolder,
  writeServerState,
} from './server-folder.ts'

let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'server-folder-'))
  vi.stubEnv('LANDBRIDGE_CACHE', cache)
})
afterEach(() => {
  releaseServer('thing')
  rmSync(cache, { recursive: true })
  vi.unstubAllEnvs()
})

const state = { url: 'thing://here', serverPid: 1 }
const ownerFile = () => join(cache, 'thing', 'owner.json')

function ownedBy(owner: { pid: number; command: string | null }): void {
  mkdirSync(join(cache, 'thing'), { recursive: true })
  writeFileSync(ownerFile(), JSON.stringify(owner))
  writeServerState('thing', state)
}

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

it('is found while its owner has it, and not afterwards', () => {
  expect(findServer('thing')).toBeNull()
  expect(claimServer('thing')).toBe(serverFolder('thing'))
  expect(findServer('thing')).toBeNull()
  writeServerState('thing', state)
  expect(findServer('thing')).toBe(state.url)
  releaseServer('thing')
  expect(findServer('thing')).toBeNull()
  expect(existsSync(join(cache, 'thing', 'server.json'))).toBe(false)
})

it('looking for a server leaves nothing behind', () => {
  findServer('thing')
  expect(existsSync(join(cache, 'thing'))).toBe(false)
})

it('refuses a second owner, in this process too', () => {
  claimServer('thing')
  expect(() => claimServer('thing')).toThrow(ServerInUse)
  expect(() => claimServer('thing')).toThrow('already run by this process')
})

it('refuses while another live process owns it, and names that process', () => {
  ownedBy({ pid: process.ppid, command: commandLine(process.ppid) })
  expect(() => claimServer('thing')).toThrow(`is already run by process ${process.ppid}`)
  expect(findServer('thing')).toBe(state.url)
})

it('takes over from an owner that is dead', async () => {
  ownedBy({ pid: await endedPid(), command: 'node something' })
  expect(findServer('thing')).toBeNull()
  claimServer('thing')
  expect(JSON.parse(readFileSync(ownerFile(), 'utf8')).pid).toBe(process.pid)
})

it('is not misled by a process that has the number of a dead owner', () => {
  ownedBy({ pid: process.ppid, command: 'an owner that had this number before' })
  expect(findServer('thing')).toBeNull()
  claimServer('thing')
  releaseServer('thing')
  ownedBy({ pid: process.pid, command: commandLine(process.pid) })
  claimServer('thing')
})

it('removes the folder when asked to', () => {
  claimServer('thing')
  releaseServer('thing', { remove: true })
  expect(existsSync(join(cache, 'thing'))).toBe(false)
})

it('stops a left-over server of those data, and no other process', async () => {
  const sleeper = () =>
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', join(cache, 'data')], { stdio: 'ignore' })
  const child = sleeper()
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  await stopLeftOver(pid, join(cache, 'other'), 'SIGTERM')
  expect(processAlive(pid)).toBe(true)
  const ended = once(child, 'exit')
  await stopLeftOver(pid, join(cache, 'data'), 'SIGTERM')
  await ended
})

it('says how to end a left-over server that does not end', async () => {
  const stubborn = "process.on('SIGTERM', () => {}); console.log('ready'); setTimeout(() => {}, 60_000)"
  const child = spawn(process.execPath, ['-e', stubborn, join(cache, 'data')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  await expect(stopLeftOver(pid, join(cache, 'data'), 'SIGTERM', 100)).rejects.toThrow(`kill -QUIT ${pid}`)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
})
