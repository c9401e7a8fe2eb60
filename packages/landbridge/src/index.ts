/** The public names of the engine, and nothing else. Mappings are declared with `landbridge/mapping`. */
export { drainToMarker } from './capture/caught-up.ts'
export {
  defineLandbridge,
  type LandbridgeConfig,
  type LandbridgeOptions,
  type Timing,
  type UnitConfig,
} from './config.ts'
export { type Engine, mappingOf, unitOf } from './engine.ts'
export { type ErrorCode, errorCodes, isPassing, LandbridgeError } from './errors.ts'
export { assertUnit } from './fence/assert-unit.ts'
export type { PhaseChange } from './fence/change-phase.ts'
export { countOrphans } from './gates/orphans.ts'
export { objectIdFromUuid, uuidFromObjectId } from './identity/object-id-uuid.ts'
export { install } from './install.ts'
export { decodeBson } from './mapping/bson.ts'
export type { Mapping } from './mapping/types.ts'
export { clientAppName } from './nodes/client-app-name.ts'
export { type Node, startNode } from './nodes/start-node.ts'
export type { UnitView } from './nodes/unit-view.ts'
export type { UnitWatch } from './nodes/unit-watch.ts'
export { type OpenEngine, openEngine } from './open-engine.ts'
export { type Phase, phases } from './phase.ts'
export { listQuarantine } from './quarantine/quarantine.ts'
export { inlineMirror } from './router/inline-mirror.ts'
export { routeUnit } from './router/route-unit.ts'
export type { UnitStore } from './router/unit-store.ts'
export { type ShadowReads, startShadowReads } from './shadow/shadow-reads.ts'
export { readEntities } from './target/entities.ts'
export { tableName } from './target/identifier.ts'
export { inTransaction } from './target/transaction.ts'
export type { VerifyReport } from './verify/verify.ts'
