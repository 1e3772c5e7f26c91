/* The least that reading a home of databases can cost: SQLite reads every row, libzstd decompresses each frame, and nothing is done with it.
 *
 *   cc -O2 -o floor floor.c -lsqlite3 -lzstd && ./floor DATABASE… ARCHIVE.zst…
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

static ZSTD_DCtx *context;
static char *content;
static size_t room, bytes, rows;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void decompress(const char *name, const void *frame, size_t length) {
    unsigned long long size = ZSTD_getFrameContentSize(frame, length);
    if (size > 1u << 30) {
        fail(name, "a frame without a size, or a huge one");
    }

    if (size > room && !(content = realloc(content, room = size))) {
        fail(name, "no memory");
    }

    size_t result = ZSTD_decompressDCtx(context, content, room, frame, length);
    if (ZSTD_isError(result)) {
        fail(name, ZSTD_getErrorName(result));
    }

    bytes += result;
}

static void read_archive(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        fail(path, "cannot be read");
    }

    size_t length = (size_t)ftell(file);
    char *frame = malloc(length);
    rewind(file);
    if (!frame || fread(frame, 1, length, file) != length) {
        fail(path, "cannot be read");
    }

    decompress(path, frame, length);
    free(frame);
    fclose(file);
}

static void read_database(const char *path) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK
        || sqlite3_prepare_v2(database, "SELECT session_id, seq, event_json, event_zstd FROM transcript_events", -1, &statement, NULL) != SQLITE_OK) {
        fail(path, sqlite3_errmsg(database));
    }

    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        rows++;
        if (sqlite3_column_type(statement, 3) == SQLITE_NULL) {
            bytes += sqlite3_column_text(statement, 2) ? (size_t)sqlite3_column_bytes(statement, 2) : 0;
        } else {
            decompress(path, sqlite3_column_blob(statement, 3), (size_t)sqlite3_column_bytes(statement, 3));
        }
    }

    if (result != SQLITE_DONE) {
        fail(path, sqlite3_errmsg(database));
    }

    sqlite3_finalize(statement);
    sqlite3_close(database);
}

int main(int count, char **paths) {
    context = ZSTD_createDCtx();
    for (int i = 1; i < count; i++) {
        size_t length = strlen(paths[i]);
        if (length > 4 && !strcmp(paths[i] + length - 4, ".zst")) {
            read_archive(paths[i]);
        } else {
            read_database(paths[i]);
        }
    }

    printf("%zu rows, %zu bytes\n", rows, bytes);

    return 0;
}
