import type { Engine } from '../engine.ts'

/** How often this process has mirrored an entity whole, and how often only what had changed of it. */
export interface MirrorWays {
  toMongo: { whole: number; partial: number }
  toPostgres: { whole: number; partial: number }
}

const ways = new WeakMap<Engine['node'], MirrorWays>()

/** Counted for collections with growing children only: the others know one way. */
export function mirrorWays(engine: Engine): MirrorWays {
  const known = ways.get(engine.node)
  if (known !== undefined) return known
  const fresh = { toMongo: { whole: 0, partial: 0 }, toPostgres: { whole: 0, partial: 0 } }
  ways.set(engine.node, fresh)
  return fresh
}
