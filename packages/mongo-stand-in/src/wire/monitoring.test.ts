import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

/** Makes every hello of the application fail so many times. */
async function failHello({ client }: TestServer, appName: string, data: object): Promise<void> {
  await client.db('admin').command({
    configureFailPoint: 'failCommand',
    mode: { times: 2 },
    data: { failCommands: ['hello', 'isMaster'], appName, ...data },
  })
}

describe('what a driver sees of the server', () => {
  test.each([
    ['an error', { errorCode: 91 }],
    ['a closed connection', { closeConnection: true }],
    ['silence', { blockConnection: true, blockTimeMS: 600 }],
  ])('is lost by %s at a check and found again', async (_name, data) => {
    await using server = await startTestServer()
    const appName = 'monitored'
    const options = { appName, heartbeatFrequencyMS: 500, minHeartbeatFrequencyMS: 50, connectTimeoutMS: 300 }
    await using client = await new MongoClient(server.standIn.url, options).connect()
    const lost = new Promise((resolve) => {
      client.on('serverDescriptionChanged', ({ newDescription }) => {
        if (newDescription.type === 'Unknown') resolve(undefined)
      })
    })
    await failHello(server, appName, data)
    await lost
    await client.db('d').collection('c').insertOne({})
    expect(await client.db('d').collection('c').countDocuments()).toBe(1)
  })

  test('is not lost while nothing fails: each beat announces the next', async () => {
    await using server = await startTestServer()
    await using client = await new MongoClient(server.standIn.url, {
      heartbeatFrequencyMS: 500,
      minHeartbeatFrequencyMS: 50,
    }).connect()
    let lost = 0
    client.on('serverDescriptionChanged', ({ newDescription }) => {
      if (newDescription.type === 'Unknown') lost++
    })
    for (let beats = 0; beats < 2; beats++) await once(client, 'serverHeartbeatSucceeded')
    expect(lost).toBe(0)
  })
})
