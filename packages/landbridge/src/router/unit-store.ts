/**
 * One unit's data in one store, as the application sees it. The application declares the same shape; the engine needs
 * no more of it than this.
 */
export interface UnitStore<Repositories extends object> {
  /** Runs `work` in one transaction of the store; may run it again, so `work` has no outside effect. */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** Repositories for reads outside a transaction: every method that is called on it reads. */
  readonly read: Repositories
}
