import type { Paged } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { Period } from '../../platform/period.ts'
import type { Leader, PointSource, PointTotal, PointTransaction, TransactionFilter } from './model.ts'

export interface PointTransactionRepository {
  /** Raises POINTS_ALREADY_EARNED for a second earn of ours for the same source and order. */
  insert(entry: PointTransaction): Promise<void>
  /** Newest first; entries without a date come last, the higher id first among equals. */
  listOf(userId: EntityId, filter: TransactionFilter): Promise<Paged<PointTransaction>>
  /** By source and type, of one user or, without one, of everybody. Reads only. */
  totals(userId?: EntityId): Promise<PointTotal[]>
  /** Who earned most in a period, most first; the id breaks ties. Reads only. */
  leaders(period: Period, limit: number): Promise<Leader[]>
  /** Whether the present rules gave points for this source and order before. */
  hasEarned(source: PointSource, orderId: EntityId): Promise<boolean>
}
