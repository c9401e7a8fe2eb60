import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** True while a process of that number runs (as whoever). */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * What that process was started as; null if there is none or the system does not tell. Numbers of processes are used
 * again, so a number that was written down earlier proves nothing without it.
 */
export function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || null
  } catch {
    // No such process, or a system without /proc: there `ps` tells.
    return commandLineByPs(pid)
  }
}

function commandLineByPs(pid: number): string | null {
  try {
    const told = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return told.trim() || null
  } catch {
    // It ends with 1 where there is no such process.
    return null
  }
}

/**
 * Ends the server that an owner who was killed has left on these data, before they are used again. A process that has
 * only inherited its number is left alone.
 */
export async function stopLeftOver(
  pid: number | null,
  data: string,
  signal: NodeJS.Signals,
  patienceMs = 10_000,
): Promise<void> {
  if (pid === null || !serves(pid, data)) return
  process.kill(pid, signal)
  for (let waited = 0; waited < patienceMs; waited += 50) {
    if (!serves(pid, data)) return
    await sleep(50)
  }
  throw new Error(`a server of an earlier run (process ${pid}) does not end; stop it with: kill -QUIT ${pid}`)
}

const serves = (pid: number, data: string) => commandLine(pid)?.includes(data) === true
