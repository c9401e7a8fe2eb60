/**
 * One unit's data in one store. The migration puts a routed one in its place with the same shape, so nothing in the
 * business code knows which store answers.
 */
export interface UnitStore<Repositories extends object> {
  /**
   * Runs `work` in one transaction of the unit's authority: commits when it resolves, rolls back when it throws.
   * May run `work` again after a serialization failure, so `work` must have no outside effect and must read what it
   * decides on through the repositories that it is given.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** Repositories for reads outside a transaction. Call only methods that read. */
  readonly read: Repositories
}

export type RepositoriesOf<Store> = Store extends UnitStore<infer Repositories> ? Repositories : never
