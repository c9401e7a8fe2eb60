import { z } from 'zod'

/** The envelope that the existing clients unpack: `{ success: true, data }`. */
export function answerOf<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data })
}

export function ok<Data>(data: Data): { success: true; data: Data } {
  return { success: true, data }
}

/** Pages are numbered from 1; `limit` is bounded so that no client can ask for everything. */
export const pageSchema = z.object({
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export interface Page {
  page: number
  limit: number
}

/** What a repository reads of an ordered list: so many rows behind so many others. */
export interface Slice {
  limit: number
  offset: number
}

export interface Paged<Item> {
  items: Item[]
  total: number
}
