import { type DestinationStatus, destinationStatuses } from './vocabulary.ts'

/** Who moves a derived destination. */
export type DestinationMover = 'system' | 'admin'

type Moves = Partial<Record<DestinationStatus, readonly DestinationMover[]>>

const both = ['system', 'admin'] as const

/** Every move. A sweep that failed leaves its money where it was; money that comes later opens a swept address again. */
export const destinationMoves: Record<DestinationStatus, Moves> = {
  allocated: { funded: both, retired: ['admin'] },
  funded: { sweeping: both },
  sweeping: { swept: both, funded: both },
  swept: { funded: both, retired: ['admin'] },
  retired: {},
}

export function mayMoveDestination(
  from: string | null,
  to: DestinationStatus,
  by: DestinationMover,
): boolean {
  const known = destinationStatuses.find((status) => status === from)
  return known !== undefined && (destinationMoves[known][to]?.includes(by) ?? false)
}
