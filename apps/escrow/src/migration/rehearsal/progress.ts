/** Where progress goes: one living line on a terminal, plain lines elsewhere; always stderr. */
export interface Progress {
  /** Something that is done; stays on the screen. */
  done(text: string): void
  /** What is going on now; replaced by what comes next. */
  now(text: string): void
  /** A heading. */
  title(text: string): void
  end(): void
}

const reset = '\u001b[0m'
const dim = '\u001b[2m'
const bold = '\u001b[1m'
const green = '\u001b[32m'
const clearLine = '\r\u001b[2K'

export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now()
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s`
  if (!stream.isTTY) {
    return {
      done: (text) => stream.write(`${elapsed()}  ${text}\n`),
      now: () => undefined,
      title: (text) => stream.write(`${elapsed()}  == ${text}\n`),
      end: () => undefined,
    }
  }
  let current = ''
  const draw = () => {
    if (current !== '')
      stream.write(`${clearLine}${dim}${elapsed()}  … ${current}${reset}`.slice(0, stream.columns + 20))
  }
  const timer = setInterval(draw, 200)
  timer.unref()
  return {
    done(text) {
      current = ''
      stream.write(`${clearLine}${dim}${elapsed()}${reset}  ${green}✓${reset} ${text}\n`)
    },
    now(text) {
      current = text
      draw()
    },
    title(text) {
      current = ''
      stream.write(`${clearLine}${dim}${elapsed()}${reset}  ${bold}${text}${reset}\n`)
    },
    end() {
      clearInterval(timer)
      stream.write(clearLine)
    },
  }
}
