import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    mongoUrl: string
  }
}

export interface FreshMongo extends AsyncDisposable {
  url: string
  databaseName: string
  client: MongoClient
}

/** An empty MongoDB database of its own: `await using mongo = await freshMongo()`. */
export async function freshMongo(): Promise<FreshMongo> {
  const url = inject('mongoUrl')
  const databaseName = `test_${randomBytes(6).toString('hex')}`
  const client = new MongoClient(url)
  await client.connect()
  return {
    url,
    databaseName,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.db(databaseName).dropDatabase()
      await client.close()
    },
  }
}
