import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import type { UnitRow } from '../fence/unit-row.ts'
import type { Phase } from '../phase.ts'

/** What the measurement of a gate starts from. */
export interface GateContext {
  engine: Engine
  unit: UnitConfig
  row: UnitRow
  /** The phase that the unit wants to step into. */
  into: Phase
}

/** A measured gate. One with an empty sample is not met, whatever its value. */
export interface Measurement {
  met: boolean
  value: string
  threshold: string
  /** How many observations the value stands on. */
  sample: number
  /** What to do when it is not met. */
  remedy: string
  detail?: Record<string, unknown>
}

export interface GateReport extends Measurement {
  gate: number
  name: string
  waived: { by: string; reason: string } | null
}

/** A gate lets the step pass when it is met, or waived by name and reason. */
export function passes(report: GateReport): boolean {
  return report.met || report.waived !== null
}

/** The epoch from which evidence counts: the unit's last step out of `mongo`, into `shadow`, into `postgres`. */
export function evidenceSince(row: UnitRow, entry: 'mirror' | 'shadow' | 'postgres'): bigint | null {
  return row.entered[entry]?.epoch ?? null
}

export function enteredAt(row: UnitRow, entry: 'mirror' | 'shadow' | 'postgres'): Date | null {
  return row.entered[entry]?.at ?? null
}

/** A span of time as people say it. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const
  const [name, size] = units.find(([, each]) => ms >= each) ?? ['s', 1_000]
  return `${Math.round((ms / size) * 10) / 10} ${name}`
}
