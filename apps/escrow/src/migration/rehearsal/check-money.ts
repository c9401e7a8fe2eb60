import { unitOf } from 'landbridge'
import type { UnitName } from '../../units.ts'
import { type MoneyReport, moneyStoresOf, reconcileMoney } from '../money/reconcile-money.ts'
import type { RehearsalContext } from './rehearsal-context.ts'

/** The money of both stores while the unit that holds it stood on one of them. */
export interface CheckedMoney extends MoneyReport {
  authority: 'mongo' | 'postgres'
}

/** Reconciles the money where this unit holds it: before its writes move to Postgres, and before MongoDB is let go. */
export async function checkMoney(
  { engine, progress, money }: RehearsalContext,
  unit: UnitName,
  authority: CheckedMoney['authority'],
): Promise<void> {
  if (unitOf(engine, unit).kind !== 'money') return
  progress.now(`${unit}: money in both stores`)
  const report = await reconcileMoney(moneyStoresOf(engine))
  money.push({ authority, ...report })
  progress.done(
    `${unit}: money of ${report.entries} entries in ${report.lines} lines by day: ` +
      (report.equal ? 'equal to the last decimal' : `${report.differences.length} lines DIFFER`),
  )
}
