import { once } from 'node:events'
import type { Command } from 'commander'
import { startChunkWorker } from '../backfill/workers/chunk-worker.ts'
import { unitOf } from '../engine.ts'
import { startNode } from '../nodes/start-node.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  duties: boolean
  chunks: boolean
  unit?: string[]
}

export function addWorker(program: Command): void {
  withCommonOptions(program.command('worker'))
    .description(
      'do the duties (capture, relay, reconcile) and copy chunks of backfills in a process of their own, until it is stopped',
    )
    .option('--no-duties', 'only copy chunks')
    .option('--no-chunks', 'only do the duties')
    .option('--unit <name...>', 'copy chunks of these units only')
    .addHelpText(
      'after',
      `
Any number of workers on any machines share the chunks that \`landbridge backfill\` has planned; each copies two at a
time. Ctrl-C lets them finish; a worker that is killed costs nothing but its chunks, which others take over in seconds.
Exit codes: 0 stopped by the backfill that started it, 1 error, 2 usage, 130 stopped.

Examples:
  landbridge worker
  landbridge worker --no-duties --unit payment`,
    )
    .action((options: Options) =>
      runVerb(options, {}, async ({ engine, signal, onProgress }) => {
        const units = options.unit?.map((name) => unitOf(engine, name).name)
        const stop = AbortSignal.any([signal, parentIsGone()])
        const node = options.duties
          ? await startNode(engine, {
              kind: 'worker',
              duties: { capture: true, relay: true, reconcile: true },
            })
          : undefined
        const worker = options.chunks ? await startChunkWorker(engine, { units }) : undefined
        onProgress(`worker ${engine.node.name} runs; stop it with Ctrl-C`)
        if (!stop.aborted) await once(stop, 'abort')
        await Promise.all([worker?.stop(), node?.stop()])
        return { data: { stopped: true }, text: 'stopped' }
      }),
    )
}

/** A worker that `landbridge backfill` has started must not outlive it. */
function parentIsGone(): AbortSignal {
  const gone = new AbortController()
  if (process.connected === true) process.once('disconnect', () => gone.abort())
  return gone.signal
}
