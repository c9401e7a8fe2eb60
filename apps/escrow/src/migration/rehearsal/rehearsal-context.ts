import type { OpenEngine } from 'landbridge'
import type { UnitName } from '../../units.ts'
import type { AcknowledgedWrites } from './acknowledged-writes.ts'
import type { Applications } from './applications.ts'
import type { CheckedMoney } from './check-money.ts'
import type { LoadWorld } from './load/load-world.ts'
import type { RehearsalOptions } from './options.ts'
import type { Progress } from './progress.ts'
import type { UnitReport } from './report.ts'
import type { RehearsalStores } from './stores.ts'

/** What the parts of a rehearsal share. */
export interface RehearsalContext {
  options: RehearsalOptions
  progress: Progress
  stores: RehearsalStores
  engine: OpenEngine
  applications: Applications
  writes: AcknowledgedWrites
  load: LoadWorld
  /** The units that cross, in waves: those of a wave stand in their phases together. */
  waves: readonly (readonly UnitName[])[]
  units: Map<string, UnitReport>
  /** The money of both stores, before its unit crossed and after. */
  money: CheckedMoney[]
  /** What was left out here and why, in sentences. */
  notes: string[]
}

/** Name under which the rehearsal's own steps stand in the audit log. */
export const operator = 'rehearsal'
