import type { Engine } from '../engine.ts'

/**
 * The `appName` for a node's clients of MongoDB, the application's own included: by it a coordinator knows whose
 * transaction is open, and may end those of a node that is dead.
 */
export function clientAppName(node: Engine['node']): string {
  return `${node.name.slice(0, 60)} ${node.id}`
}
