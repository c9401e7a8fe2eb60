import type { Command } from 'commander'
import { span } from '../gates/gate.ts'
import { nodes } from '../operator-api/nodes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, withCommonOptions } from './run-verb.ts'

export function addNodes(program: Command): void {
  withCommonOptions(program.command('nodes'))
    .description('the processes that serve units, and which duties they do')
    .addHelpText('after', '\nExample:\n  landbridge nodes')
    .action((options: CommonOptions) =>
      runVerb(options, { mongo: 'lazy' }, async ({ engine }) => {
        const data = await nodes(engine)
        const rows = data.map((node) => [
          node.name,
          node.live ? 'live' : 'dead',
          span(node.heartbeatAgeMs),
          `${node.processId} on ${node.host}`,
          node.build,
          node.duties.join(', ') || '-',
        ])
        const header = ['node', '', 'last heard', 'process', 'build', 'duties']
        return { data, text: rows.length === 0 ? 'no node has registered' : table(header, rows) }
      }),
    )
}
