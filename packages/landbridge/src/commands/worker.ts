import { once } from 'node:events'
import type { Command } from 'commander'
import { startNode } from '../nodes/start-node.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addWorker(program: Command): void {
  withCommonOptions(program.command('worker'))
    .description('do the duties (capture, relay, reconcile) in a process of their own, until it is stopped')
    .addHelpText('after', '\nExample:\n  landbridge worker')
    .action((options: CommonOptions) =>
      runVerb(options, {}, async ({ engine, signal, onProgress }) => {
        const node = await startNode(engine, {
          kind: 'worker',
          duties: { capture: true, relay: true, reconcile: true },
        })
        onProgress(`worker ${engine.node.name} runs; stop it with Ctrl-C`)
        if (!signal.aborted) await once(signal, 'abort')
        await node.stop()
        return { data: { stopped: true }, text: 'stopped' }
      }),
    )
}
