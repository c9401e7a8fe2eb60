import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const module = fileURLToPath(new URL('./stop-with-process.ts', import.meta.url))

/** A process that has two things to stop, and says so when it stops them. */
async function endedBy(signal: NodeJS.Signals | 'exit', more = '') {
  const script = `
    import { stopWithProcess } from ${JSON.stringify(module)}
    const giveUp = stopWithProcess(() => console.log('given up'))
    stopWithProcess(() => console.log('first stopped'))
    stopWithProcess(() => console.log('second stopped'))
    giveUp()
    ${more}
    console.log('ready')
    ${signal === 'exit' ? '' : 'setInterval(() => undefined, 1000)'}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    if (signal !== 'exit' && output.includes('ready\n') && !child.killed) child.kill(signal)
  })
  const [code, by] = await once(child, 'close')
  return { code, by, lines: output.trim().split('\n') }
}

it('stops everything on a signal, and the process still dies of the signal', async () => {
  expect(await endedBy('SIGINT')).toEqual({
    code: null,
    by: 'SIGINT',
    lines: ['ready', 'first stopped', 'second stopped'],
  })
})

it('stops everything when the process just ends', async () => {
  expect(await endedBy('exit')).toEqual({
    code: 0,
    by: null,
    lines: ['ready', 'first stopped', 'second stopped'],
  })
})

it('leaves the moment to a process that handles the signal itself', async () => {
  const own = "process.once('SIGTERM', () => { console.log('finishing'); process.exit(3) })"
  expect(await endedBy('SIGTERM', own)).toEqual({
    code: 3,
    by: null,
    lines: ['ready', 'finishing', 'first stopped', 'second stopped'],
  })
})
