import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { type AuditRow, readAudit } from '../observe/audit.ts'
import { parseInput } from './input.ts'

const auditInput = z.object({
  unit: z.string().optional(),
  limit: z.number().int().min(1).max(10_000).default(50),
})

/** The newest decisions and actions, oldest first. */
export async function audit(engine: Engine, input: z.input<typeof auditInput> = {}): Promise<AuditRow[]> {
  return readAudit(engine.pool, parseInput(auditInput, input))
}
