// The services that a client calls on its own: health checks and reflection. Their messages never reach a script, so
// their codecs work in the host's realm.
import { type MessageType, type MethodDescriptor, ProtoRegistry, SchemaCache } from '../../wire/protobuf/index.ts';

const HEALTH = `syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }
`;

const REFLECTION = (version: string): string => `syntax = "proto3";
package grpc.reflection.${version};
message ServerReflectionRequest {
  string host = 1;
  oneof message_request {
    string file_by_filename = 3;
    string file_containing_symbol = 4;
    ExtensionRequest file_containing_extension = 5;
    string all_extension_numbers_of_type = 6;
    string list_services = 7;
  }
}
message ExtensionRequest { string containing_type = 1; int32 extension_number = 2; }
message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;
  oneof message_response {
    FileDescriptorResponse file_descriptor_response = 4;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}
message FileDescriptorResponse { repeated bytes file_descriptor_proto = 1; }
message ListServiceResponse { repeated ServiceResponse service = 1; }
message ServiceResponse { string name = 1; }
message ErrorResponse { int32 error_code = 1; string error_message = 2; }
service ServerReflection { rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse); }
`;

const SOURCES: Readonly<Record<string, string>> = {
  'health.proto': HEALTH,
  'reflection_v1.proto': REFLECTION('v1'),
  'reflection_v1alpha.proto': REFLECTION('v1alpha'),
  'status.proto': `syntax = "proto3";
package google.rpc;
import "google/protobuf/any.proto";
message Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
message RawStatus { int32 code = 1; string message = 2; repeated RawAny details = 3; }
message RawAny { string type_url = 1; bytes value = 2; }
service Statuses { rpc Raw(RawStatus) returns (Status); }
`,
};

let registry: ProtoRegistry | null = null;
let details: ProtoRegistry | null = null;

/** Finds google.rpc.ErrorInfo, BadRequest and the other standard details, which scripts need not load. */
export function findStandardDetail(fullName: string): MessageType | undefined {
  if (!details) {
    details = new ProtoRegistry(new SchemaCache());
    details.load([], ['google/rpc/error_details.proto'], () => undefined);
  }
  return details.findType(fullName);
}

/** @param fullName '/package.Service/Method' */
export function ownMethod(fullName: string): MethodDescriptor {
  if (!registry) {
    registry = new ProtoRegistry(new SchemaCache());
    registry.load([''], Object.keys(SOURCES), (file) => SOURCES[file]);
  }
  const method = registry.method(fullName);
  if (!method) throw new Error(`${fullName} is none of the methods that a client calls on its own`);
  return method;
}
