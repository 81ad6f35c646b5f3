// A closed loop on edge-triggered epoll: a connection is registered once, and a request costs one
// send, one recv and its share of an epoll_wait, so that the server has the rest of the machine.

#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "request.h"
#include "response.h"

struct connection {
    /// -1 when there is nothing left to ask for.
    int descriptor;
    struct request request;
    /// Bytes of the request already sent; all of them while the response is awaited.
    size_t sent;
    uint64_t started;
    struct response response;
};

static struct result *result;
static int open_connections;
static struct sockaddr_in address;
static int poll_descriptor;
static uint64_t error_limit;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void stop(const char *what) {
    fprintf(stderr, "bench-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void connect_again(struct connection *connection) {
    if (connection->descriptor >= 0) close(connection->descriptor);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) stop("socket");
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->descriptor = descriptor;
    connection->sent = 0;
    connection->started = now();
    response_begin(&connection->response);
    struct epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = connection}};
    // A refusal shows as an error of the first send.
    (void)connect(descriptor, (struct sockaddr *)&address, sizeof address);
    if (epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, descriptor, &event) < 0) stop("epoll_ctl");
}

static void fail(struct connection *connection) {
    result->errors++;
    if (result->errors < error_limit) connect_again(connection);
}

/// False when the connection failed, and with it the event that led here.
static bool send_rest(struct connection *connection) {
    if (connection->sent == connection->request.length) return true;
    ssize_t count = send(connection->descriptor, connection->request.bytes + connection->sent,
                         connection->request.length - connection->sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN) {
        fail(connection);
        return false;
    }
    if (count > 0) connection->sent += (size_t)count;
    return true;
}

static void retire(struct connection *connection) {
    if (connection->descriptor >= 0) close(connection->descriptor);
    connection->descriptor = -1;
    open_connections--;
}

static void next_request(struct connection *connection, uint64_t time) {
    if (!requests_next(&connection->request)) return retire(connection);
    if (connection->response.closes) return connect_again(connection);
    connection->sent = 0;
    connection->started = time;
    response_begin(&connection->response);
    send_rest(connection);
}

static void complete(struct connection *connection) {
    uint64_t time = now();
    int status = connection->response.status;
    result->requests++;
    if (status < 200 || status > 299) result->non_2xx++;
    histogram_add(&result->latencies, time - connection->started);
    next_request(connection, time);
}

/// Lawful only as the end of a response without a length.
static void end_of_stream(struct connection *connection) {
    connection->response.closes = true;
    if (connection->response.part == response_until_close) return complete(connection);
    fail(connection);
}

static void receive(struct connection *connection) {
    static char bytes[256 * 1024];
    ssize_t count;
    do {
        count = recv(connection->descriptor, bytes, sizeof bytes, 0);
        if (count == 0) return end_of_stream(connection);
        if (count < 0) {
            if (errno != EAGAIN) fail(connection);
            return;
        }
        size_t taken = response_take(&connection->response, bytes, (size_t)count);
        if (connection->response.part == response_malformed || taken < (size_t)count) {
            return fail(connection);
        }
        if (connection->response.part == response_complete) return complete(connection);
        // With edges, only a short read says that nothing is left.
    } while (count == sizeof bytes);
}

static void handle(const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    if ((event->events & EPOLLOUT) && !send_rest(connection)) return;
    if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
}

static void run_until(uint64_t end, uint64_t requests) {
    struct epoll_event events[256];
    while (result->requests < requests && result->errors < error_limit && open_connections > 0) {
        uint64_t time = now();
        if (time >= end) return;
        int milliseconds = (int)((end - time) / 1000000) + 1;
        int count = epoll_wait(poll_descriptor, events, 256, milliseconds);
        if (count < 0 && errno != EINTR) stop("epoll_wait");
        for (int index = 0; index < count; index++) handle(&events[index]);
    }
}

static uint64_t nanoseconds(double seconds) {
    return (uint64_t)(seconds * 1e9);
}

void load_run(const struct options *options, struct result *measured) {
    static struct connection connections[4096];
    result = measured;
    address = options->address;
    error_limit = options->error_limit;
    poll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    if (poll_descriptor < 0) stop("epoll_create1");
    open_connections = options->connections;
    for (int index = 0; index < options->connections; index++) {
        connections[index].descriptor = -1;
        if (!requests_next(&connections[index].request)) retire(&connections[index]);
        else connect_again(&connections[index]);
    }
    uint64_t warmup_requests = 0;
    if (options->warmup_seconds > 0) {
        run_until(now() + nanoseconds(options->warmup_seconds), UINT64_MAX);
        warmup_requests = result->requests;
        memset(result, 0, sizeof *result);
    }
    uint64_t start = now(), wanted = options->requests > 0 ? options->requests : UINT64_MAX;
    run_until(start + nanoseconds(options->seconds), wanted);
    result->seconds = (double)(now() - start) / 1e9;
    result->all_requests = result->requests + warmup_requests;
    for (int index = 0; index < options->connections; index++) {
        if (connections[index].descriptor >= 0) retire(&connections[index]);
    }
    close(poll_descriptor);
}
