import Foundation
import OrderService

#if SQLite
    let status = await OrdersProgram().run(Array(CommandLine.arguments.dropFirst()))
    exit(status)
#else
    Console.complain("this program stores its orders with SQLite: swift run --traits SQLite Orders --help")
    exit(1)
#endif
