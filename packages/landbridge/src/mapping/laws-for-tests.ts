/** What an application's tests need to run the laws on its own mappings; needs fast-check, so it is not in the index. */
export { arbitraryDocument } from './arbitrary-document.ts'
export { type PlanCheck, planLaw } from './compile/plan-law.ts'
export { checkLaws, type LawViolation } from './laws.ts'
