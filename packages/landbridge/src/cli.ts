#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addAdvance } from './commands/advance.ts'
import { addAudit } from './commands/audit.ts'
import { addBackfill } from './commands/backfill.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDrill } from './commands/drill.ts'
import { exitCodeOf, exitCodes } from './commands/exit-codes.ts'
import { addFinish } from './commands/finish.ts'
import { addGaps } from './commands/gaps.ts'
import { addGates } from './commands/gates.ts'
import { addNodes } from './commands/nodes.ts'
import { addPause } from './commands/pause.ts'
import { addPlan } from './commands/plan.ts'
import { addPreflight } from './commands/preflight.ts'
import { addQuarantine } from './commands/quarantine.ts'
import { addReconcile } from './commands/reconcile.ts'
import { addResume } from './commands/resume.ts'
import { addRetire } from './commands/retire.ts'
import { addRollback } from './commands/rollback.ts'
import { addShadow } from './commands/shadow.ts'
import { addStatus } from './commands/status.ts'
import { addThrottle } from './commands/throttle.ts'
import { addVerify } from './commands/verify.ts'
import { addWorker } from './commands/worker.ts'

const program = new Command('landbridge')
  .description(
    'Moves a live Mongoose application from MongoDB to Postgres, unit by unit, while it serves traffic.',
  )
  .showHelpAfterError('(--help shows how to use it)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 error, 2 usage, 3 not ready, 4 differences, 5 lag, 130 interrupted.
The stores are those that the configuration names, else DATABASE_URL, MONGO_URL and MONGO_DB.

The way of a unit:
  landbridge plan                       which unit first
  landbridge preflight user             what Postgres will not take as it is
  landbridge advance user               into mirror
  landbridge backfill user
  landbridge advance user               into shadow
  landbridge verify user
  landbridge drill user
  landbridge advance user               into postgres (landbridge rollback user goes back)
  landbridge retire user
  landbridge finish                     when every unit is retired`,
  )

const verbs = [
  addStatus,
  addPlan,
  addPreflight,
  addBackfill,
  addThrottle,
  addPause,
  addResume,
  addReconcile,
  addVerify,
  addShadow,
  addGates,
  addAdvance,
  addRollback,
  addDrill,
  addRetire,
  addFinish,
  addQuarantine,
  addGaps,
  addNodes,
  addAudit,
  addDoctor,
  addWorker,
]
for (const add of verbs) add(program)

// A reader that has seen enough (`landbridge audit | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has shown the help that was asked for.
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}
