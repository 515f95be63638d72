/** NestJS as its documentation and the tutorials write it: Express, TypeORM repositories, @nestjs/bullmq, ValidationPipe. */
import 'reflect-metadata';
import { BullModule, InjectQueue, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { Job, Queue } from 'bullmq';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { DataSource, Repository } from 'typeorm';
import { modelAt } from './film.js';
import {
  CreditEntity,
  ENTITIES,
  FilmEntity,
  GenreEntity,
  JobEntity,
  PersonEntity,
  TextEntity,
} from './nest-entities.js';
import { settings } from './wire.js';

const { role, database, redis, model, concurrency, prefix } = settings();
const FILMS = 'films';
const slugOf = (words: string) => words.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

class GenerateDto {
  @IsString()
  @Length(1, 200)
  title: string;

  @IsOptional()
  @IsInt()
  @Min(1888)
  @Max(2036)
  release_year?: number;
}

@Injectable()
class FilmsService {
  constructor(
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    @InjectQueue(FILMS) private readonly queue: Queue,
  ) {}

  async generate({ title, release_year }: GenerateDto) {
    const job = await this.jobs.save(this.jobs.create({ title, release_year: release_year ?? null }));
    await this.queue.add('generate', { id: job.id }, { jobId: job.id, removeOnComplete: true });
    const { id, status, created_at } = job;
    return { job_id: id, status, title, release_year: release_year ?? null, created_at };
  }

  async find(id: string) {
    const job = await this.jobs.findOneBy({ id });
    if (!job) throw new NotFoundException();
    return job;
  }
}

@Controller()
class FilmsController {
  constructor(private readonly films: FilmsService) {}

  @Post('movies/generate')
  @HttpCode(202)
  generate(@Body() body: GenerateDto) {
    return this.films.generate(body);
  }

  @Get('jobs/:id')
  find(@Param('id', ParseUUIDPipe) id: string) {
    return this.films.find(id);
  }
}

@Processor(FILMS, { concurrency })
class FilmsProcessor extends WorkerHost {
  private readonly ask = modelAt(model, concurrency);

  constructor(private readonly db: DataSource) {
    super();
  }

  async process({ data }: Job<{ id: string }>) {
    const jobs = this.db.getRepository(JobEntity);
    const job = await jobs.findOneByOrFail({ id: data.id });
    await jobs.update({ id: job.id }, { status: 'IN_PROGRESS', started_at: new Date() });
    const film = await this.ask(job);
    const genres = await Promise.all(film.genres.map((name) => this.genre(name)));
    await this.db.transaction(async (tx) => {
      const slug = slugOf(`${film.title} ${film.release_year}`);
      const { title, release_year, director, description, cast } = film;
      const saved = await tx.save(tx.create(FilmEntity, { slug, title, release_year, director, genres }));
      const crew = [...cast, { name: director, role: 'DIRECTOR', character_name: null }];
      const people = await tx.save(crew.map(({ name }) => tx.create(PersonEntity, { slug: slugOf(name), name })));
      await tx.insert(
        CreditEntity,
        crew.map(({ role, character_name }, n) => ({
          film_id: saved.id,
          person_id: people[n]!.id,
          role,
          character_name,
          billing_order: n + 1,
        })),
      );
      const text = { film_id: saved.id, job_id: job.id, version: 1, text: description, ai_model: 'bench-model-1' };
      await tx.save(tx.create(TextEntity, text));
      await tx.update(JobEntity, { id: job.id }, { status: 'DONE', finished_at: new Date() });
    });
  }

  private async genre(name: string) {
    const genres = this.db.getRepository(GenreEntity);
    const slug = slugOf(name);
    const known = await genres.findOneBy({ slug });
    if (known) return known;
    await genres.createQueryBuilder().insert().values({ slug, name }).orIgnore().execute();
    return genres.findOneByOrFail({ slug });
  }

  @OnWorkerEvent('failed')
  failed(job: Job, error: Error) {
    console.error('failed', job.id, error.message);
  }
}

const { hostname, port } = new URL(redis);

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: database, entities: ENTITIES, synchronize: role === 'api' }),
    TypeOrmModule.forFeature(ENTITIES),
    BullModule.forRoot({ connection: { host: hostname, port: Number(port) }, prefix }),
    BullModule.registerQueue({ name: FILMS }),
  ],
  controllers: role === 'api' ? [FilmsController] : [],
  providers: role === 'api' ? [FilmsService] : [FilmsProcessor],
})
class AppModule {}

process.on('disconnect', () => process.exit(0));
const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
app.enableShutdownHooks();
if (role === 'api') await app.listen(0, '127.0.0.1');
else await app.init();
const address = role === 'api' ? (app.getHttpServer().address() as { port: number }).port : '';
console.log(`READY ${address}`);
