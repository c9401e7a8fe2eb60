import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { errorCodes, LandbridgeError } from '../errors.ts'
import type { GateReport } from '../gates/gate.ts'
import { gates, recordContract, waive } from '../operator-api/gates.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './print.ts'
import {
  type CommonOptions,
  runVerb,
  type VerbContext,
  type VerbResult,
  wholeNumber,
  withCommonOptions,
} from './run-verb.ts'

interface Options extends CommonOptions {
  waive?: number[]
  reason?: string
  recordContract?: string
}

export function addGates(program: Command): void {
  withCommonOptions(program.command('gates'))
    .argument('[unit]')
    .description('the gates of the unit’s next step, measured now')
    .option('--waive <gate>', 'waive a gate by name and reason; may be repeated', collect)
    .option('--reason <text>', 'why it is waived')
    .option('--record-contract <file>', 'keep the result of the repository contract suites (gate 2)')
    .addHelpText(
      'after',
      '\nExamples:\n  landbridge gates payment\n  landbridge gates payment --waive 7 --reason "MongoDB is a stand-in here"\n  landbridge gates --record-contract contract.json',
    )
    .action((unit: string | undefined, options: Options) =>
      runVerb(options, {}, (context) => run(context, unit, options)),
    )
}

async function run(context: VerbContext, unit: string | undefined, options: Options): Promise<VerbResult> {
  const { engine, actor } = context
  if (options.recordContract !== undefined) {
    const data = await recordContract(engine, { ...readResult(options.recordContract), actor })
    return { data, text: `recorded for ${data.units.join(', ')}` }
  }
  if (unit === undefined) throw new LandbridgeError(errorCodes.usage, 'name a unit')
  if (options.waive !== undefined) {
    await waive(engine, { unit, gates: options.waive, actor, reason: options.reason ?? '' })
  }
  const data = await gates(engine, { unit })
  const text =
    data.into === null
      ? `${unit} is retired; there is no further step`
      : `${unit}: ${data.phase} -> ${data.into}: ${data.ready ? 'ready' : 'not ready'}\n\n${describeGates(data.gates)}`
  return { data, text, exitCode: data.ready || data.into === null ? exitCodes.done : exitCodes.notReady }
}

/** One line a gate, with what to do for those that stop the step. */
export function describeGates(reports: readonly GateReport[]): string {
  const rows = reports.map((report) => [
    report.gate,
    report.name,
    report.met ? 'met' : report.waived !== null ? `waived by ${report.waived.by}` : 'NOT MET',
    report.value,
    report.threshold,
    report.met ? '' : (report.waived?.reason ?? report.remedy),
  ])
  return table(['gate', '', 'state', 'value', 'threshold', ''], rows)
}

function collect(text: string, earlier: number[] | undefined): number[] {
  return [...(earlier ?? []), wholeNumber('--waive')(text)]
}

function readResult(path: string): { build: string; units: Record<string, never> } {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new LandbridgeError(errorCodes.usage, `${path} cannot be read as JSON: ${String(cause)}`, { cause })
  }
}
