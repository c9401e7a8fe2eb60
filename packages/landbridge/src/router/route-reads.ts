import { performance } from 'node:perf_hooks'
import { phaseRules } from '../phase.ts'
import type { RouteOptions } from './route-unit.ts'

type Method = (...args: unknown[]) => Promise<unknown>

/**
 * An object of the same repositories whose methods go to the unit's authority, decided anew at each call, and are
 * compared with the other store where the phase asks for shadow reads.
 */
export function routeReads<Repositories extends object>(options: RouteOptions<Repositories>): Repositories {
  const routed = new Map<PropertyKey, object>()
  return new Proxy(options.postgres.read, {
    get(target, name) {
      if (!(name in target)) return undefined
      const known = routed.get(name)
      if (known !== undefined) return known
      const repository = routeRepository(options, name)
      routed.set(name, repository)
      return repository
    },
  })
}

function routeRepository<Repositories extends object>(
  options: RouteOptions<Repositories>,
  repository: PropertyKey,
): object {
  const onPostgres = memberOf(options.postgres.read, repository)
  const onMongo = memberOf(options.mongo.read, repository)
  return new Proxy(onPostgres, {
    get(target, method) {
      if (typeof Reflect.get(target, method) !== 'function') return Reflect.get(target, method)
      return (...args: unknown[]) =>
        routeCall(options, `${String(repository)}.${String(method)}`, {
          mongo: () => methodOf(onMongo, method)(...args),
          postgres: () => methodOf(onPostgres, method)(...args),
        })
    },
  })
}

async function routeCall<Repositories extends object>(
  { watch, unit, shadow, unavailable }: RouteOptions<Repositories>,
  method: string,
  read: { mongo: () => Promise<unknown>; postgres: () => Promise<unknown> },
): Promise<unknown> {
  const view = watch.current(unit)
  // Reads go on during a fence: until its commit the old authority's state is the truth.
  if (view.authority === 'unknown') throw unavailable(unit)
  const other = view.authority === 'mongo' ? 'postgres' : 'mongo'
  const started = performance.now()
  const result = await read[view.authority]()
  if (
    shadow !== undefined &&
    view.phase !== null &&
    view.epoch !== null &&
    phaseRules[view.phase].shadowReads
  ) {
    shadow.compare({
      unit,
      method,
      epoch: view.epoch,
      result,
      authorityMs: performance.now() - started,
      again: read[view.authority],
      other: read[other],
    })
  }
  return result
}

function memberOf(repositories: object, name: PropertyKey): object {
  const member: unknown = Reflect.get(repositories, name)
  if (typeof member !== 'object' || member === null)
    throw new TypeError(`there is no repository "${String(name)}"`)
  return member
}

function methodOf(repository: object, name: PropertyKey): Method {
  const method: unknown = Reflect.get(repository, name)
  if (typeof method !== 'function') throw new TypeError(`the repository has no method "${String(name)}"`)
  return method.bind(repository) as Method
}
