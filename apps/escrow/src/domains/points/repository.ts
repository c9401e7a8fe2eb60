import type { Paged } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { PointSource, PointTransaction, TransactionFilter } from './model.ts'

export interface PointTransactionRepository {
  /** Raises POINTS_ALREADY_EARNED for a second earn of ours for the same source and order. */
  insert(entry: PointTransaction): Promise<void>
  /** Newest first; entries without a date come last, the higher id first among equals. */
  listOf(userId: EntityId, filter: TransactionFilter): Promise<Paged<PointTransaction>>
  /** Whether the present rules gave points for this source and order before. */
  hasEarned(source: PointSource, orderId: EntityId): Promise<boolean>
}
