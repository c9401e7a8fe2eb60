import { z } from 'zod'
import { errorCodes, LandbridgeError } from '../errors.ts'

export const unitName = z.string().min(1)

/** Who acts: the operator's name stands in the audit row. */
export const actor = z.string().trim().min(1, 'say who acts')

export const reason = z.string().trim().min(3, 'say why, in a few words')

/** Parses what a caller handed in. Throws LB_USAGE that names the field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`)
  throw new LandbridgeError(errorCodes.usage, issues.join('; '))
}

/** What runs and how far it is; the CLI draws it on stderr, the console on its page. */
export type OnProgress = (message: string, done?: number, total?: number) => void
