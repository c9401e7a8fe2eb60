import type { Command } from 'commander'
import { verify } from '../operator-api/verify.ts'
import type { VerifyReport } from '../verify/verify.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import { type CommonOptions, runVerb, wholeNumber, withCommonOptions } from './run-verb.ts'

interface Options extends CommonOptions {
  repair?: boolean
  restart?: boolean
  collection?: string[]
  grace?: number
}

export function addVerify(program: Command): void {
  withCommonOptions(program.command('verify'))
    .argument('<unit>')
    .description('compare every entity in both stores, field by field; resumes an interrupted run')
    .option('--repair', 'mirror again from the authority what differs')
    .option('--restart', 'begin anew')
    .option('--collection <name...>', 'only these collections')
    .option('--grace <ms>', 'how long a difference must last before it is reported', wholeNumber('--grace'))
    .addHelpText('after', '\nExamples:\n  landbridge verify user\n  landbridge verify payment --repair')
    .action((unit: string, options: Options) =>
      runVerb(options, {}, async ({ engine, actor, onProgress, signal }) => {
        const input = {
          unit,
          actor,
          repair: options.repair ?? false,
          restart: options.restart ?? false,
          collections: options.collection,
          graceMs: options.grace,
        }
        const data = await verify(engine, input, {
          signal,
          onProgress: (progress) => onProgress(progress.collection, progress.compared, progress.total),
        })
        return { data, text: describe(data), exitCode: exitCodeOf(data) }
      }),
    )
}

function exitCodeOf(report: VerifyReport) {
  if (report.differences > 0) return exitCodes.differences
  return report.complete ? exitCodes.done : exitCodes.error
}

function describe(report: VerifyReport): string {
  const rows = report.collections.map((each) => [
    each.collection,
    each.compared,
    each.differing,
    each.repaired,
    each.error instanceof Error
      ? `failed: ${each.error.message}`
      : each.watermark === null
        ? 'interrupted'
        : '',
  ])
  const groups = report.collections.flatMap((each) =>
    each.groups.map((group) => [
      group.entities,
      group.signature,
      group.example,
      shortened(group.mongoValue),
      shortened(group.postgresValue),
    ]),
  )
  const summary =
    report.differences > 0
      ? `${report.differences} entities differ; mirror them again from the authority with --repair`
      : report.complete
        ? `no difference; verified up to ${report.watermark}`
        : 'interrupted; call it again to go on'
  return [
    table(['collection', 'compared', 'differing', 'repaired', ''], rows),
    ...(groups.length === 0
      ? []
      : [
          '',
          table(
            ['entities', 'collection, kind and path', 'for example', 'in MongoDB', 'in Postgres'],
            groups,
          ),
        ]),
    '',
    summary,
  ].join('\n')
}

/** A whole document is for --json: a line of a table shows where it begins. */
function shortened(value: string | null): string {
  if (value === null) return 'nothing'
  return value.length > 60 ? `${value.slice(0, 60)}...` : value
}
