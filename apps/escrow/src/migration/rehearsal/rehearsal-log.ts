import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { serverFolder } from '../../platform/server-folder.ts'

/** What the processes and the engine say goes into files, so that the terminal shows the walk alone. */
export function rehearsalLogFolder(): string {
  const folder = serverFolder('rehearsal-logs')
  mkdirSync(folder, { recursive: true })
  return folder
}

export function clearRehearsalLogs(): void {
  rmSync(rehearsalLogFolder(), { recursive: true, force: true })
}

/** The engine's own log, in `engine.log` of that folder. */
export function rehearsalLog(): Logger {
  return pino(
    { level: 'info' },
    pino.destination({ dest: join(rehearsalLogFolder(), 'engine.log'), sync: true }),
  )
}

/** One line of a process, into a file of its name. */
export function keepLine(name: string, line: string): void {
  appendFileSync(join(rehearsalLogFolder(), `${name}.log`), `${line}\n`)
}
