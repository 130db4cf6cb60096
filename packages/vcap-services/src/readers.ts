export {
  readMysql,
  readPostgres,
  toMysql2Options,
  toMysqlUrl,
  toPgOptions,
  toPostgresUrl,
} from './readers/databases.js'
export type { DatabaseService, Mysql2Options, PgOptions } from './readers/databases.js'
export type { CredentialsHolder } from './readers/fields.js'
export { readMongodb, toMongodbOptions, toMongodbUrl } from './readers/mongodb.js'
export type { MongodbOptions, MongodbService } from './readers/mongodb.js'
export { readRabbitmq, toAmqplibOptions, toAmqpUrl } from './readers/rabbitmq.js'
export type { AmqplibOptions, RabbitmqService } from './readers/rabbitmq.js'
export { readRedis, toIoredisOptions, toRedisUrl } from './readers/redis.js'
export type { IoredisOptions, RedisService } from './readers/redis.js'
export type { ServerAddress, ServerService } from './readers/server.js'
export { readSmtp, toNodemailerOptions, toSmtpUrl } from './readers/smtp.js'
export type { NodemailerOptions, SmtpService } from './readers/smtp.js'
export type { TlsOptions, TlsSettings } from './readers/tls.js'
export { readHttp, readOauth } from './readers/web.js'
export type { HttpService, OauthService } from './readers/web.js'
