import { clearLine, cursorTo } from 'node:readline'
import type { OnProgress } from '../operator-api/input.ts'

/** A line that is drawn over on a terminal, and plain lines, at most one a second, elsewhere. All on stderr. */
export interface Progress {
  show: OnProgress
  end(): void
}

export function startProgress(quiet: boolean): Progress {
  if (quiet) return { show: () => undefined, end: () => undefined }
  const terminal = process.stderr.isTTY === true
  const startedAt = performance.now()
  let lastAt = Number.NEGATIVE_INFINITY
  let lastWhat = ''
  return {
    show(what, done, total) {
      const now = performance.now()
      const isNew = what !== lastWhat
      if (!isNew && now - lastAt < (terminal ? 100 : 1_000)) return
      lastAt = now
      lastWhat = what
      const line = describe(what, done, total, (now - startedAt) / 1_000)
      if (!terminal) {
        process.stderr.write(`${line}\n`)
        return
      }
      clearLine(process.stderr, 0)
      cursorTo(process.stderr, 0)
      process.stderr.write(line.slice(0, process.stderr.columns))
    },
    end() {
      if (!terminal || lastWhat === '') return
      clearLine(process.stderr, 0)
      cursorTo(process.stderr, 0)
    },
  }
}

function describe(
  what: string,
  done: number | undefined,
  total: number | undefined,
  seconds: number,
): string {
  if (done === undefined) return what
  const rate = seconds > 0 ? done / seconds : 0
  const share =
    total === undefined || total === 0
      ? ''
      : ` of ${total} (${Math.min(100, Math.round((done / total) * 100))} %)`
  const left =
    total !== undefined && rate > 0 && total > done ? `, ${Math.ceil((total - done) / rate)} s left` : ''
  return `${what}: ${done}${share}, ${Math.round(rate)}/s${left}`
}
