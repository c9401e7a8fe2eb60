import type { UnitName } from '../../units.ts'
import { printMoney } from '../money/print-money.ts'
import type { CheckedMoney } from './check-money.ts'
import type { LostWrite } from './look-up.ts'
import type { QuarantineCheck } from './predicted-quarantine.ts'

export interface UnitReport {
  name: UnitName
  phase: string
  /** Every pause of the unit's writes in this rehearsal. */
  pausesMs: number[]
  drill: { ok: boolean; ms: number }
  gates: { gate: number; state: 'met' | 'waived' | 'not met'; measured: string }[]
}

export interface QuarantinedGroup {
  collection: string
  path: string
  code: string
  reason: string
  count: number
}

/** What a rehearsal found out; printed whole by `--json`. */
export interface RehearsalReport {
  ok: boolean
  documents: { source: number; migrated: number; quarantined: number; expired: number }
  writes: { acknowledged: number; refused: number; lost: number }
  differences: number
  /** References to nothing that no declared policy answers. */
  orphans: number
  /** References to nothing that the mapping says to keep. */
  orphansKept: number
  /** The money of both stores, before its unit crossed and after. */
  money: CheckedMoney[]
  units: UnitReport[]
  killed: string[]
  damageFound: boolean
  durationMs: number
  quarantine: QuarantinedGroup[]
  /** Whether every collection has as many documents in quarantine as the table of dirt says. */
  quarantineAsPredicted: boolean
  quarantinePredicted: QuarantineCheck[]
  lostWrites: LostWrite[]
  /** What was left out here and why, in sentences. */
  notes: string[]
}

/** The report for people. */
export function printReport(report: RehearsalReport): string {
  const lines = [
    '',
    heading(report.ok ? 'The marketplace lives on Postgres, and nothing was lost.' : 'The rehearsal FAILED.'),
    '',
    table(
      ['unit', 'phase', 'pauses', 'drill'],
      report.units.map((unit) => [
        unit.name,
        unit.phase,
        unit.pausesMs.map((ms) => `${Math.round(ms)} ms`).join(', ') || '-',
        unit.drill.ok ? `passed in ${Math.round(unit.drill.ms)} ms` : 'FAILED',
      ]),
    ),
    '',
    ...report.units.flatMap(gateLines),
    '',
    `documents   ${number(report.documents.source)} legacy, ${number(report.documents.migrated)} of them in Postgres, ` +
      `${number(report.documents.quarantined)} in quarantine, ${number(report.documents.expired)} expired since`,
    `writes      ${number(report.writes.acknowledged)} acknowledged, ${number(report.writes.refused)} refused, ` +
      `${number(report.writes.lost)} lost`,
    `differences ${number(report.differences)}      orphans ${number(report.orphans)}, kept by policy ${number(report.orphansKept)}`,
    ...report.money.map(
      ({ authority, equal, entries, lines }) =>
        `money       ${number(entries)} entries in ${number(lines)} lines by day, ` +
        `${equal ? 'equal to the last decimal' : 'DIFFERENT'}, while ${authority === 'mongo' ? 'MongoDB' : 'Postgres'} was the authority`,
    ),
    `trouble     killed: ${report.killed.join(', ') || 'none'}; damaged row ` +
      `${report.damageFound ? 'named by verify and shadow reads, and mended' : 'NOT found'}`,
    ...(report.quarantine.length === 0 ? [] : ['', 'in quarantine, accepted by name:']),
    ...report.quarantine.map(
      (group) =>
        `  ${number(group.count).padStart(4)} × ${group.collection}  ${group.path}  ${group.code}: ${group.reason}`,
    ),
    ...report.quarantinePredicted
      .filter(({ predicted, found }) => predicted !== found)
      .map(
        ({ collection, predicted, found }) =>
          `  UNEXPECTED in quarantine of ${collection}: ${found}, the table of dirt says ${predicted}`,
      ),
    ...report.money.filter(({ equal }) => !equal).map(printMoney),
    ...report.lostWrites
      .slice(0, 20)
      .map(
        (lost) =>
          `  LOST in ${lost.store}: ${lost.collection} ${lost.id} ${lost.path} should be ${lost.allowed.join(' or ')}, is ${lost.found}`,
      ),
    '',
    ...report.notes.map((note) => `note: ${note}`),
    `It took ${(report.durationMs / 1000).toFixed(1)} s.`,
    '',
  ]
  return lines.join('\n')
}

function gateLines(unit: UnitReport): string[] {
  return [
    `gates of ${unit.name}:`,
    ...unit.gates.map((gate) => `  ${gate.gate}  ${gate.state.padEnd(7)} ${gate.measured}`),
  ]
}

function heading(text: string): string {
  return `${text}\n${'─'.repeat(text.length)}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')
  return [line(head), widths.map((width) => '─'.repeat(width)).join('───'), ...rows.map(line)].join('\n')
}
