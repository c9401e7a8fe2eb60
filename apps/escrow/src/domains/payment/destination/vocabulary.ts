/** Where the money at a derived address stands. */
export const destinationStatuses = ['allocated', 'funded', 'sweeping', 'swept', 'retired'] as const

export type DestinationStatus = (typeof destinationStatuses)[number]
