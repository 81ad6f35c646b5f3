#pragma once
#include "buffer.h"
#include "http_server.h"

/// Writes the request as one line: an AWS API Gateway HTTP API event, payload format 2.0.
bool event_write(struct buffer *line, const struct http_request *request);
