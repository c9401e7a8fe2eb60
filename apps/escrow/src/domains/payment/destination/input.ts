import { z } from 'zod'
import { pageSchema } from '../../../platform/answer.ts'
import { idSchema } from '../../../platform/ids.ts'

/** What a buyer sends to learn where to pay an offer. */
export const newDestinationSchema = z.object({
  sellerOfferId: idSchema,
  chainId: z.number().int().positive().default(56),
})
export type NewDestinationInput = z.output<typeof newDestinationSchema>

export const destinationListSchema = pageSchema.extend({
  status: z.string().max(50).optional(),
  chainId: z.coerce.number().int().positive().optional(),
})
export type DestinationListQuery = z.output<typeof destinationListSchema>

const baseUnitsSchema = z.string().regex(/^\d{1,78}$/, 'Send the amount in base units, as digits.')

/** What was seen at the address. */
export const fundingSchema = z.object({ balance: baseUnitsSchema })
export type Funding = z.output<typeof fundingSchema>

/** What became of a sweep: its transaction, or that it failed. */
export const sweepOutcomeSchema = z.union([
  z.object({ txHash: z.string().trim().min(1).max(200), amount: baseUnitsSchema }),
  z.object({ failed: z.literal(true) }),
])
export type SweepOutcome = z.output<typeof sweepOutcomeSchema>
