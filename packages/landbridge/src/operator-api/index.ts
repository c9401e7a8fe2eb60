/** What an operator can do, one function a verb: the command line calls these, and so may a program. */
export { advance } from './advance.ts'
export { backfill } from './backfill.ts'
export { drill } from './drill.ts'
export { finish } from './finish.ts'
export { gates, recordContract, waive } from './gates.ts'
export { pause } from './pause.ts'
export { type PlannedUnit, plan } from './plan.ts'
export { preflight } from './preflight.ts'
export {
  acceptDocuments,
  exportDocuments,
  groupQuarantined,
  listQuarantined,
  type QuarantineItem,
  releaseDocument,
  retryDocuments,
  showQuarantined,
} from './quarantine.ts'
export { reconcile } from './reconcile.ts'
export { resume } from './resume.ts'
export { retire } from './retire.ts'
export { rollback } from './rollback.ts'
export { shadow } from './shadow.ts'
export { type Status, status } from './status.ts'
export { throttle } from './throttle.ts'
export { verify } from './verify.ts'
